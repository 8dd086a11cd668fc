package fedbiomed.network.broker;

import java.util.List;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.paging.PagingStore;
import org.apache.activemq.artemis.core.paging.PagingStoreFactory;
import org.apache.activemq.artemis.core.paging.cursor.PageCursorProvider;
import org.apache.activemq.artemis.core.paging.cursor.PageSubscription;
import org.apache.activemq.artemis.core.paging.cursor.impl.PageCursorProviderImpl;
import org.apache.activemq.artemis.core.paging.impl.Page;
import org.apache.activemq.artemis.core.paging.impl.PagingStoreFactoryNIO;
import org.apache.activemq.artemis.core.persistence.StorageManager;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager;
import org.apache.activemq.artemis.utils.actors.ArtemisExecutor;
import org.apache.activemq.artemis.utils.collections.LongHashSet;

/**
 * Artemis with an end to the cleaning of pages. Where the last subscriber of an inbox that lies on the disk goes while
 * messages still come, Artemis 2.55 removes pages up to the greatest number there is, and makes a new one for each.
 */
final class PagedServer extends ActiveMQServerImpl {
    PagedServer(Configuration configuration, ActiveMQSecurityManager security) {
        super(configuration, null, security);
    }

    @Override
    protected PagingStoreFactory getPagingStoreFactory() {
        var configuration = getConfiguration();
        return new PagingStoreFactoryNIO(
                getStorageManager(),
                configuration.getPagingLocation(),
                configuration.getPageSyncTimeout(),
                scheduledPool,
                pageExecutorFactory,
                configuration.isJournalSyncNonTransactional(),
                ioCriticalErrorListener,
                configuration::isPurgePageFolders) {
            @Override
            public PageCursorProvider newCursorProvider(
                    PagingStore store, StorageManager storage, AddressSettings settings, ArtemisExecutor executor) {
                return new Cursors(store, storage);
            }
        };
    }

    private static final class Cursors extends PageCursorProviderImpl {
        Cursors(PagingStore store, StorageManager storage) {
            super(store, storage);
        }

        @Override
        protected void cleanupRegularStream(
                List<Page> depaged,
                LongHashSet depagedNumbers,
                List<PageSubscription> subscriptions,
                long lastPage,
                long firstPage)
                throws Exception {
            long written = pagingStore.getCurrentWritingPage();
            super.cleanupRegularStream(depaged, depagedNumbers, subscriptions, Math.min(lastPage, written), firstPage);
        }
    }
}
