/// How far the next range of a table reaches; learns from the ranges that were read.
struct KeyRangeStep: Sendable, Equatable {
    /// How many bytes of SQL a range should come to.
    let target: Int
    /// Keys, or rows, that the next range takes.
    private(set) var width: Int

    /// The most by which one range that came out too small widens the next: a table with one row in a billion keys is
    /// then soon read in fair ranges, and a gap costs little.
    private static let mostGrowth = 64.0

    init(target: Int, bytesPerRow: Int) {
        self.target = target
        width = max(1, target / max(1, bytesPerRow))
    }

    /// Takes in that a range that was `used` wide came to so many bytes. The base is `used`, not the present width: several
    /// ranges are read at once, and each would widen the next by the same factor once more.
    mutating func learn(width used: Int, bytes: Int) {
        let factor = min(Self.mostGrowth, Double(target) / Double(max(1, bytes)))
        // Within a third of the target all is well; a width that always moves would never settle.
        guard factor > 1.33 || factor < 0.75 else { return }
        width = Int(min(max(1, Double(used) * factor), Double(1 << 62)))
    }

    /// Takes fewer keys, each of which stands for so many rows.
    mutating func divide(by rows: Int) { width = max(1, width / max(1, rows)) }
}
