import Foundation
import Glibc
import Synchronization

/// Shows on standard error how far long work has come: on a terminal one line that is written over and over, elsewhere
/// one plain line when a step begins.
final class ProgressDisplay: Sendable {
    private enum Style {
        case none, plain
        case terminal(isColoured: Bool)
    }

    fileprivate struct Shown {
        var step: String?
        var began = ContinuousClock.now
        var drawn: ContinuousClock.Instant?
        /// Characters of the line that is there now.
        var width = 0
    }

    /// A terminal is written to no more often than this.
    private static let pause = Duration.milliseconds(100)

    private let style: Style
    private let shown = Mutex(Shown())

    init(_ options: OutputOptions, environment: [String: String] = ProcessInfo.processInfo.environment) {
        // https://no-color.org: set to anything but the empty text.
        let isColoured = !options.noColor && environment["NO_COLOR", default: ""].isEmpty
        style =
            switch (options.quiet, isatty(STDERR_FILENO) != 0 && environment["TERM", default: "dumb"] != "dumb") {
            case (true, _): .none
            case (false, true): .terminal(isColoured: isColoured)
            case (false, false): .plain
            }
    }

    /// May be called from any thread, as often as there is something new.
    func update(_ state: WorkState) {
        switch style {
        case .none: break
        case .plain: shown.withLock { if $0.begin(state) { Output.note(state.step) } }
        case .terminal(let isColoured): shown.withLock { draw(state, isColoured, &$0) }
        }
    }

    /// Takes the line away; to be called however the work has ended, before anything else is printed.
    func finish() {
        guard case .terminal = style else { return }
        shown.withLock { shown in
            guard shown.width > 0 else { return }
            Self.write("\r\(String(repeating: " ", count: shown.width))\r")
            shown.width = 0
        }
    }

    private func draw(_ state: WorkState, _ isColoured: Bool, _ shown: inout Shown) {
        let now = ContinuousClock.now
        let isNew = shown.begin(state)
        if !isNew, let drawn = shown.drawn, now - drawn < Self.pause { return }
        let text = String(state.line(after: now - shown.began).prefix(Self.columns - 1))
        let padding = String(repeating: " ", count: max(0, shown.width - text.count))
        let isWhole = isColoured && text.hasPrefix(state.step)
        let coloured = isWhole ? "\u{1B}[1m\(state.step)\u{1B}[0m\(text.dropFirst(state.step.count))" : text
        Self.write("\r\(coloured)\(padding)")
        shown.drawn = now
        shown.width = text.count
    }

    private static var columns: Int {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20 ? Int(size.ws_col) : 80
    }

    private static func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}

extension ProgressDisplay.Shown {
    /// - Returns: true when another step begins.
    fileprivate mutating func begin(_ state: WorkState) -> Bool {
        guard step != state.step else { return false }
        step = state.step
        began = ContinuousClock.now
        return true
    }
}
