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
        let memory = try peakMemory()
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

    /// The most memory that the process ever held, in bytes. `getrusage` would count what the program held that ran this
    /// one in its place, as `swift run` does.
    static func peakMemory() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
            let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
        else { throw CocoaError(.fileReadCorruptFile) }
        return kilobytes << 10
    }
}
