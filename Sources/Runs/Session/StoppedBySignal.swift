/// A signal asked the program to stop; what it was at can go on, and all ranks know of it.
public protocol StoppedBySignal: Error {}

/// The exit status of a program that may do better when it is started again, EX_TEMPFAIL of sysexits.h.
public let temporaryFailureStatus: Int32 = 75
