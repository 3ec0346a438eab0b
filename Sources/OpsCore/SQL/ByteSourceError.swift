#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file could not be opened or read.
public struct ByteSourceError: OperatorError, Equatable {
    /// What was tried: `open` or `read`.
    public let operation: String
    /// The file as it was named by the caller.
    public let path: String
    /// The value of `errno`.
    public let number: Int32

    /// Stable, for programs.
    public var code: String { "FILE_UNREADABLE" }
    /// What failed and why.
    public var message: String { "cannot \(operation) \(path): \(String(cString: strerror(number)))" }
    /// Bad input, or not permitted.
    public var exitStatus: ExitStatus { number == EACCES || number == EPERM ? .notPermitted : .badInput }
}
