import COpenMPI

/// A number that MPI can send and reduce as it lies in memory.
public protocol MPIElement: BitwiseCopyable, Sendable {
    /// MPI's name for the type.
    static var datatype: MPIDatatype { get }
}

extension Int64: MPIElement {
    /// `MPI_INT64_T`.
    public static var datatype: MPIDatatype { .int64 }
}

extension Int: MPIElement {
    /// `MPI_INT64_T`: Swift's `Int` is this wide wherever Open MPI runs.
    public static var datatype: MPIDatatype { .int64 }
}

extension UInt64: MPIElement {
    /// `MPI_UINT64_T`.
    public static var datatype: MPIDatatype { .uint64 }
}

extension UInt8: MPIElement {
    /// `MPI_UINT8_T`.
    public static var datatype: MPIDatatype { .uint8 }
}

extension Double: MPIElement {
    /// `MPI_DOUBLE`.
    public static var datatype: MPIDatatype { .double }
}

extension Float: MPIElement {
    /// `MPI_FLOAT`.
    public static var datatype: MPIDatatype { .float }
}

/// The MPI datatypes that have a Swift type here.
public enum MPIDatatype: Sendable {
    case int64, uint64, uint8, double, float

    var handle: MPI_Datatype {
        switch self {
        case .int64: shim_MPI_INT64_T()
        case .uint64: shim_MPI_UINT64_T()
        case .uint8: shim_MPI_UINT8_T()
        case .double: shim_MPI_DOUBLE()
        case .float: shim_MPI_FLOAT()
        }
    }

    /// Bytes from one element to the next.
    var stride: Int {
        switch self {
        case .int64, .uint64, .double: 8
        case .float: 4
        case .uint8: 1
        }
    }
}
