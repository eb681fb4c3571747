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
    /// Overwrites eight values from `offset` on.
    @inline(__always)
    func store(_ vector: WideVector, at offset: Int) {
        UnsafeMutableRawPointer(self + offset).storeBytes(of: vector, as: WideVector.self)
    }

    /// Adds eight values to those from `offset` on.
    @inline(__always)
    func add(_ vector: WideVector, at offset: Int) {
        let place = UnsafeMutableRawPointer(self + offset)
        place.storeBytes(of: place.loadUnaligned(as: WideVector.self) + vector, as: WideVector.self)
    }
}

extension WideVector {
    /// Eight values of Float, unchanged. The standard library's own conversion is not always inlined, and a call for every
    /// eight values takes longer than all else.
    @inline(__always)
    init(_ narrow: Vector) {
        self.init(
            Double(narrow[0]), Double(narrow[1]), Double(narrow[2]), Double(narrow[3]), Double(narrow[4]),
            Double(narrow[5]), Double(narrow[6]), Double(narrow[7]))
    }
}

extension Vector {
    /// Eight values of Double, rounded; inlined for the same reason.
    @inline(__always)
    init(_ wide: WideVector) {
        self.init(
            Float(wide[0]), Float(wide[1]), Float(wide[2]), Float(wide[3]), Float(wide[4]), Float(wide[5]),
            Float(wide[6]), Float(wide[7]))
    }
}
