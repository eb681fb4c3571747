/// So many pixels are taken at a time, channels after channels: few, so that memory is walked through almost in order and
/// prefetchers follow, but two at least, since a channel's coefficients are loaded and its sums stored once a run.
/// (Runs of 16 kB, which the first-level cache would hold as well, take twice as long out of it.)
@inline(__always)
func pixelsPerRun(channels: Int) -> Int { max(2, 256 / channels) }

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
