#if DEBUG
    import Foundation
    import Synchronization
#endif

/// The instants of a migration between which the process may be killed. In a debug build a test chooses the one at which
/// the process ends by itself, as if by `kill -9`; in a release build there is nothing here.
enum CrashPoint {
    #if DEBUG
        private static let chosen = ProcessInfo.processInfo.environment["SYSNDD_CTL_CRASH_POINT"].flatMap { Int($0) }
        private static let passed = Atomic<Int>(0)
    #endif

    /// Counts one instant.
    @inline(__always) static func pass() {
        #if DEBUG
            guard let chosen else { return }
            if passed.add(1, ordering: .relaxed).newValue == chosen { kill(getpid(), SIGKILL) }
        #endif
    }
}
