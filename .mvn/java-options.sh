# How each party's JVM is started; read by the launcher and by make-caches.sh, since a cache fits only the options it was made with.
# shellcheck shell=bash disable=SC2034 # used where it is read

# AES-GCM, SHA-256 and the curves are slow (0.1 GB/s) until the optimising compiler has seen them, which by its own thresholds
# takes more than twelve small models of a megabyte; it looks at them fifty times sooner, where patient_options hold twelve
# (docs/decisions/0036)
cipher_options=(-XX:CompileCommand=quiet)
for classes in com.sun.crypto.provider sun.security.provider sun.security.util.math.intpoly com.google.crypto.tink.internal; do
  cipher_options+=("-XX:CompileCommand=CompileThresholdScaling,$classes.*::*,0.02")
done

# compact headers (JEP 519) make the heap a tenth smaller; the archive stays where it was made, so that its pages are the file's
# the HTTP client reads several TLS records of a model at a time, not one
common_options=("${cipher_options[@]}" -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -Xmx768m
  -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 -Xlog:aot=off -Xlog:cds=off
  -Djdk.httpclient.bufsize=65536 --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)

# What waits for days is small while it waits: the heap grows with the work and shrinks after it, what the C library holds
# back is returned, Netty's pools begin with 64 KiB (docs/decisions/0032)
resting_options=(-XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=20 -XX:TrimNativeHeapInterval=5000
  -Dio.netty.allocator.maxOrder=3 -Dio.netty.allocator.numHeapArenas=1 -Dio.netty.allocator.numDirectArenas=1)
# what is started once and works for months need not be compiled at its best at once: four times C2's own thresholds
patient_options=(-XX:Tier4InvocationThreshold=20000 -XX:Tier4MinInvocationThreshold=2400
  -XX:Tier4CompileThreshold=60000 -XX:Tier4BackEdgeThreshold=160000)
network_options=("${resting_options[@]}" "${patient_options[@]}" -Xms32m -XX:NewSize=24m)
node_options=("${resting_options[@]}" "${patient_options[@]}" -Xms12m -XX:NewSize=6m)

# A researcher waits for its nodes: what a transfer drops is collected early, what the engine has freed is returned
running_options=(-Xms32m -XX:NewSize=16m -XX:TrimNativeHeapInterval=5000)

# what lives for seconds never earns back what the optimising compiler costs (docs/decisions/0004)
short_options=(-XX:TieredStopAtLevel=1)
