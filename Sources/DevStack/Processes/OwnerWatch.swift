import FoundationEssentials
import Glibc
import Synchronization

/// A small watcher that removes a throw-away stack when its owner lets go of it, by `release` or by dying.
///
/// The watcher reads from a socket whose other end only the owner holds. The kernel closes that end when the owner
/// dies, whatever killed it.
final class OwnerWatch: Sendable {
    private let watcher: DetachedProcess
    private let link: Mutex<Int32?>

    /// Starts to watch over a stack folder.
    init(over folder: StackFolder) async throws {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw DevStackError.system("watch over", folder.path)
        }
        defer { close(ends[1]) }
        var program = DetachedProgram("/bin/sh", logFile: "/dev/null")
        program.arguments = ["-c", Self.script, "sysndd-test-watch", folder.path]
        program.environment = ServerEnvironment.values
        program.inheritsEnvironment = false
        program.workingFolder = "/"
        program.input = ends[1]
        do {
            watcher = try await DetachedProcess.launch(program)
        } catch {
            close(ends[0])
            throw error
        }
        link = Mutex(ends[0])
    }

    deinit { letGo() }

    /// Has the stack removed and waits until that is done.
    func release() async throws {
        letGo()
        guard await watcher.waitForEnd(.seconds(20)) else {
            throw DevStackError(.stopFailed, "a throw-away server was not removed", hint: "see `ps` for mariadbd")
        }
    }

    private func letGo() {
        link.withLock { descriptor in
            if let open = descriptor { close(open) }
            descriptor = nil
        }
    }

    /// The pattern goes to `grep` by its input, or else `grep` would find itself.
    private static let script = """
        while read -r _; do :; done
        servers() {
            printf '%s\\n' "--defaults-file=$1/server.cnf" |
                grep -lszxF -f - /proc/[0-9]*/cmdline | cut -d/ -f3
        }
        tries=0
        short=$(readlink -- "$1/run")
        while [ $tries -lt 200 ]; do
            pids=$(servers "$1")
            [ -n "$pids" ] && kill -KILL $pids
            case $short in /tmp/sysndd-run-*) rm -rf -- "$short" ;; esac
            rm -rf -- "$1"
            [ -z "$pids" ] && [ ! -e "$1" ] && exit 0
            sleep 0.02
            tries=$((tries + 1))
        done
        exit 1
        """
}
