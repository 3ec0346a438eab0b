/// Whether the post-conditions of the applied files hold, as `migrate verify` prints it.
public struct MigrationVerification: Codable, Sendable, Equatable {
    /// One `verify` line.
    public struct Condition: Codable, Sendable, Equatable {
        public let file: String
        public let line: Int
        public let query: String
        public let holds: Bool
        /// Why it does not hold; null when it does.
        @EncodedAsNull public var problem: String?
    }

    public let conditions: [Condition]
    /// How many do not hold.
    public let failed: Int

    init(_ conditions: [Condition]) {
        self.conditions = conditions
        failed = conditions.count { !$0.holds }
    }

    /// 1 when one does not hold.
    public var exitStatus: ExitStatus { failed == 0 ? .done : .failed }
}
