/// The tables that the toolkit itself keeps in a database. A table of the user's with such a name, but without the
/// comment, is the user's.
enum SchemaToolkitTable: String, CaseIterable {
    case lease = "sysndd_ctl_lease"
    case jobs = "sysndd_ctl_jobs"
    case outbox = "sysndd_ctl_outbox"
    case audit = "sysndd_ctl_audit"
    /// The journal of a restore: beside the database, or in it where the restore is one in place.
    case restore = "sysndd_ctl_restore"
    case restoreObject = "sysndd_ctl_restore_object"
    case restoreMember = "sysndd_ctl_restore_member"

    /// The comment that all of them carry.
    static let comment = "sysndd-ctl"

    init?(name: String, comment: String) {
        guard comment == Self.comment else { return nil }
        self.init(rawValue: name)
    }

    /// Those that the shim writes; the others are a restore's.
    static let ofTheShim: [Self] = [.lease, .jobs, .outbox, .audit]

    /// What describes the present moment is never dumped: after a restore it would be a lie.
    var isDumped: Bool { self == .outbox || self == .audit }
}
