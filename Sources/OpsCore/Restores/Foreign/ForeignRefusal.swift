/// Something in a dump that is not run.
struct ForeignRefusal: Error, Equatable {
    /// What it is, for people: `DROP DATABASE`.
    let what: String
    let hint: String?

    init(_ what: String, hint: String? = nil) {
        self.what = what
        self.hint = hint
    }

    static let defaultHint = "take it out of the dump, or make the dump of this database alone and without it"
}

extension RestoreError {
    /// - Parameter line: where the statement begins.
    static func refused(_ path: String, line: Int, _ refusal: ForeignRefusal) -> Self {
        Self(
            "RESTORE_DUMP_REFUSED",
            "\(path), line \(line): \(refusal.what) is refused; a dump may only make what is its own database's",
            hint: refusal.hint ?? ForeignRefusal.defaultHint, exit: .badInput)
    }

    /// The server refused a statement of a dump.
    static func refused(_ path: String, line: Int, by cause: DatabaseError) -> Self {
        Self(
            "RESTORE_REFUSED", "\(path), line \(line): the server refused the statement: \(cause.message)",
            hint: hint(cause), exit: cause.exitStatus)
    }
}
