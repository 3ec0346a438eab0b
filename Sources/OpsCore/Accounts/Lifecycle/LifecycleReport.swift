/// What a lifecycle test found.
public struct LifecycleReport: Sendable, Encodable, Equatable {
    /// How a step went.
    public enum Status: String, Sendable, Codable {
        case pass, fail
        /// Not tried, because a step before it failed.
        case skip
    }

    /// One step.
    public struct Step: Sendable, Encodable, Equatable {
        public let step: LifecycleStep
        public let status: Status
        /// How long it took, in milliseconds.
        public let ms: Int
        /// What was seen; never a password, a token or a link.
        @EncodedAsNull public var detail: String?
        /// What to do now.
        @EncodedAsNull public var hint: String?
    }

    /// Whether every step passed.
    public let success: Bool
    /// The account that was made, and removed again.
    public let userName: String
    public let steps: [Step]

    init(userName: String, steps: [Step]) {
        success = steps.allSatisfy { $0.status == .pass }
        self.userName = userName
        self.steps = steps
    }
}
