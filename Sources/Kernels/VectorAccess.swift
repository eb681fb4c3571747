extension UnsafePointer<Float> {
    /// Eight values from `offset` on; no alignment is asked for.
    @inline(__always)
    func vector(at offset: Int) -> Vector {
        UnsafeRawPointer(self + offset).loadUnaligned(as: Vector.self)
    }
}

extension UnsafeMutablePointer<Float> {
    /// Eight values from `offset` on; no alignment is asked for.
    @inline(__always)
    func vector(at offset: Int) -> Vector {
        UnsafeRawPointer(self + offset).loadUnaligned(as: Vector.self)
    }

    /// Overwrites eight values from `offset` on.
    @inline(__always)
    func store(_ vector: Vector, at offset: Int) {
        UnsafeMutableRawPointer(self + offset).storeBytes(of: vector, as: Vector.self)
    }
}

extension UnsafeMutablePointer<Double> {
    /// Adds eight values to those from `offset` on.
    @inline(__always)
    func add(_ vector: WideVector, at offset: Int) {
        let place = UnsafeMutableRawPointer(self + offset)
        place.storeBytes(of: place.loadUnaligned(as: WideVector.self) + vector, as: WideVector.self)
    }
}
