/// Puts members into the order of their tickets. Pure: it says what may be written, and how much it holds.
///
/// The members of the lowest open ticket pass straight through; those of later tickets are held until it is their turn.
struct MemberQueue {
    /// The ticket whose members are being written.
    private(set) var turn = 0
    /// Compressed bytes of all members that wait.
    private(set) var heldBytes = 0
    private var held: [Int: [ArchiveMember]] = [:]
    private var completed: Set<Int> = []

    /// Whether members wait, or tickets were completed behind one that was not.
    var isEmpty: Bool { held.isEmpty && completed.isEmpty }

    /// Whether a ticket can still take members.
    func isOpen(_ ticket: Int) -> Bool { ticket >= turn && !completed.contains(ticket) }

    /// - Returns: what is to be written now: the member itself, or nothing.
    mutating func add(_ member: ArchiveMember, ticket: Int) -> [ArchiveMember] {
        guard ticket != turn else { return [member] }
        held[ticket, default: []].append(member)
        heldBytes += member.bytes.count
        return []
    }

    /// Ends a ticket.
    ///
    /// - Returns: what is to be written now: everything that waited for this ticket only.
    mutating func complete(_ ticket: Int) -> [ArchiveMember] {
        completed.insert(ticket)
        var ready: [ArchiveMember] = []
        while completed.remove(turn) != nil {
            turn += 1
            ready += held.removeValue(forKey: turn) ?? []
        }
        heldBytes -= ready.reduce(0) { $0 + $1.bytes.count }
        return ready
    }
}
