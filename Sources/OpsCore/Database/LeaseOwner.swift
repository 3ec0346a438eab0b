import Foundation

/// Who takes a ``Lease`` and what for, as others are told.
public struct LeaseOwner: Sendable, Equatable, Codable, CustomStringConvertible {
    /// Name of the machine.
    public var host: String
    /// Id of the process there.
    public var processID: Int
    /// What is being done, such as `backup`.
    public var operation: String
    /// The job that does it; nil outside of the shim.
    public var jobID: String?

    /// By default this process on this machine.
    public init(
        operation: String, jobID: String? = nil, host: String = ProcessInfo.processInfo.hostName,
        processID: Int = Int(ProcessInfo.processInfo.processIdentifier)
    ) {
        self.host = host
        self.processID = processID
        self.operation = operation
        self.jobID = jobID
    }

    public var description: String { "\(operation) on \(host), pid \(processID)" }
}
