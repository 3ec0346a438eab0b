import ApiShim
import Logging
import Synchronization

/// What a logger has written.
final class LogLines: Sendable {
    private let written = Mutex<[String]>([])

    var all: [String] { written.withLock { $0 } }
    var logger: Logger {
        Logger(label: "test") { label in
            LineLogHandler(label: label, format: .text) { line in self.written.withLock { $0.append(line) } }
        }
    }
}
