/// How far a restore has come, together with where its journal lies.
enum RestorePhase: String, Sendable {
    /// Only in place: the tables of the database are being dropped.
    case clearing
    /// The shadow schema is being filled, and the database is untouched; in place, the database is being filled.
    case loading
    /// From before the first trigger of the database is dropped until everything is in its new place.
    case swapping
    /// Everything is in place.
    case done
    /// The same as `swapping`, the other way round.
    case undoing
    /// What was there before is in place again.
    case undone
}
