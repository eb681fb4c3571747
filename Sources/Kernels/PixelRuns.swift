/// So many pixels are taken at a time, channels after channels, that they stay in the first-level cache: otherwise wide
/// layers are walked through once for each few channels, in strides that no prefetcher follows.
@inline(__always)
func pixelsPerRun(channels: Int) -> Int { max(16, 4096 / channels) }

/// Calls `body` with the first pixel and the number of pixels of each run.
@inline(__always)
func forEachRun(ofPixels pixels: Int, channels: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
    let run = pixelsPerRun(channels: channels)
    var first = 0
    while first < pixels {
        body(first, min(run, pixels - first))
        first += run
    }
}
