import Foundation
import OpsCore

/// Measures how fast the script lexer splits a large dump, and how much memory it takes.
///
///     swift run -c release lexer-benchmark [MiB] [keep]
///
/// Writes a script of that size (1024 MiB unless told) into the temporary folder, reads it three times from the page
/// cache, and fails when the best run is below 150 MB/s or the process ever held 64 MiB. With `keep` the script stays.
@main
struct LexerBenchmark {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        let size = (arguments.first.flatMap { Int($0) } ?? 1024) << 20
        let path = FileManager.default.temporaryDirectory.appending(path: "lexer-benchmark-\(getpid()).sql").path()
        defer { if !arguments.contains("keep") { unlink(path) } }
        let written = try write(to: path, size: size)
        print("script: \(path), \(written >> 20) MiB")

        var best = 0.0
        for _ in 1...3 {
            let run = try measure(path)
            let rate = Double(written) / 1e6 / run.seconds
            best = max(best, rate)
            print("\(run.statements) statements, \(run.bytes) bytes: \(run.seconds.formatted()) s, \(Int(rate)) MB/s")
        }
        let memory = peakMemory()
        print("best \(Int(best)) MB/s, peak memory \(memory >> 20) MiB")
        guard best >= 150, memory < 64 << 20 else { exit(1) }
    }

    static func measure(_ path: String) throws -> (statements: Int, bytes: Int, seconds: Double) {
        var lexer = try ScriptLexer(path: path)
        var (statements, bytes) = (0, 0)
        let clock = ContinuousClock()
        let time = try clock.measure {
            while let count = try lexer.withNext({ item in
                if case .statement(let text, _) = item { text.count } else { 0 }
            }) {
                statements += 1
                bytes += count
            }
        }
        return (statements, bytes, time / .seconds(1))
    }

    /// The most memory that the process ever held, in bytes.
    static func peakMemory() -> Int {
        var usage = rusage()
        #if os(Linux)
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            return usage.ru_maxrss * 1024
        #else
            getrusage(RUSAGE_SELF, &usage)
            return usage.ru_maxrss
        #endif
    }
}
