/// A ``Lease`` was not taken, or was lost.
public struct LeaseError: OperatorError, Equatable {
    /// What the failure means to a caller that has to decide something.
    public enum Kind: Sendable, Equatable {
        /// Another one holds it, and did not let go in the time that the caller was ready to wait.
        case held(LeaseHolder)
        /// It was held, but is not any more: somebody else took it over, or the server could not be reached for longer than
        /// the lease lasts. What was done under it may have met with what another one does.
        case lost
        /// There can be no lease here: its table cannot be written, as on a read-only replica or by an account that may
        /// only read. Nothing was done.
        case unavailable
    }

    public let kind: Kind
    public let message: String
    public let hint: String?

    init(_ kind: Kind, _ message: String, hint: String? = nil) {
        self.kind = kind
        self.message = message
        self.hint = hint
    }

    public var code: String {
        switch kind {
        case .held: "BUSY"
        case .lost: "LEASE_LOST"
        case .unavailable: "LEASE_UNAVAILABLE"
        }
    }

    public var exitStatus: ExitStatus {
        switch kind {
        case .held: .busy
        case .lost: .failed
        case .unavailable: .notPermitted
        }
    }

    /// The holder that is in the way; nil for other failures.
    public var holder: LeaseHolder? {
        if case .held(let holder) = kind { holder } else { nil }
    }

    static func held(_ name: String, by holder: LeaseHolder, waited: Duration) -> Self {
        Self(
            .held(holder), "the lease \(name) is held by \(holder); waited \(waited.milliseconds / 1000) s",
            hint: "wait until it has ended and try again; a holder that has died loses the lease by itself")
    }

    static func takenOver(_ name: String, by holder: LeaseHolder?) -> Self {
        let other = holder.map { "taken over by \($0)" } ?? "taken away"
        return Self(
            .lost, "the lease \(name) was lost: it was \(other)",
            hint: "look what was done meanwhile, and run again")
    }

    static func notRenewed(_ name: String, _ error: any Error) -> Self {
        let reason = (error as? any OperatorError)?.message ?? "\(error)"
        return Self(
            .lost, "the lease \(name) was lost: it could not be renewed in time: \(reason)",
            hint: "look what was done meanwhile, and run again when the server answers")
    }

    static func unavailable(_ reason: String) -> Self {
        Self(
            .unavailable, "the table sysndd_ctl_lease cannot be written: \(reason)",
            hint: "use the primary server, or grant SELECT, INSERT, UPDATE and CREATE on it: sysndd-ctl grants")
    }
}
