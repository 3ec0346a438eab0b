/// What became of an operation, in the form of the webhook's JSON document.
public struct Notice: Encodable, Sendable, Equatable {
    public enum Event: String, Codable, Sendable {
        case success, failure
        /// The first success after a failure.
        case recovery
    }

    /// Why an operation failed.
    public struct Failure: Codable, Sendable, Equatable {
        public let code: String
        public let message: String
        @EncodedAsNull public var hint: String?
    }

    public let event: Event
    /// One sentence for people, under the name that chat services show.
    public let text: String
    public let operation: String
    public let database: String
    public let host: String
    /// ISO 8601, UTC.
    public let at: String
    /// Failures before this one, or before this success, without a success in between.
    public let failuresBefore: Int
    /// Nil unless a backup was made.
    @EncodedAsNull public var backup: BackupResult?
    /// Nil unless it failed.
    @EncodedAsNull public var error: Failure?
}
