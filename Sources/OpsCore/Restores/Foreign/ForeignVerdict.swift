/// What is done with one statement of a dump.
enum ForeignVerdict: Equatable {
    /// Nothing; the operator may want to know why.
    case pass(note: String? = nil)
    /// Run in both passes: a setting of the session.
    case session([UInt8])
    /// Changes the definition of a table or a sequence of the shadow schema.
    case definition([UInt8], Effect)
    /// Rows of one table. The text is nil where it is the statement as it stands.
    case rows(ForeignRows, text: [UInt8]?)
    /// Is made after the exchange.
    case object(ForeignObject.Key, [UInt8])
    /// Objects that the dump takes back: stand-ins of views.
    case dropped([ForeignObject.Key])
    /// The default character set of the database, for the objects that follow.
    case collation([UInt8])

    /// What a definition does.
    enum Effect: Equatable {
        case createsTable(String)
        case createsSequence(String)
        case changes(String)
        case empties(String)
        case drops([String])
    }
}
