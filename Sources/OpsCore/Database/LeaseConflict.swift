import Foundation

/// Repeats a statement that met another one.
enum LeaseConflict {
    /// In a Galera cluster two nodes may change the same row at once; the one whose change comes second is told of a
    /// deadlock (1213) when it commits, and has changed nothing. MariaDB says 1020 for a row that changed under a snapshot.
    static func isOne(_ error: DatabaseError) -> Bool { error.kind == .deadlock || error.number == 1020 }

    /// Runs `body`, again after each conflict; the last one is thrown. It blocks, and waits a little longer each time, by
    /// chance, so that two that met do not meet again.
    static func retrying<Value>(
        attempts: Int = 10, wait: (Duration) -> Void = { usleep(UInt32($0.milliseconds * 1000)) },
        _ body: () throws -> Value
    ) throws -> Value {
        for attempt in 1..<max(2, attempts) {
            do {
                return try body()
            } catch let error as DatabaseError where isOne(error) {
                wait(.milliseconds(Int.random(in: 1...10) * attempt))
            }
        }
        return try body()
    }
}
