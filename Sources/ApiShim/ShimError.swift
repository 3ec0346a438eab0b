import Glibc
import NIOCore
import OpsCore

/// The shim cannot serve.
struct ShimError: OperatorError {
    let code: String
    let message: String
    let hint: String?
    let exitStatus = ExitStatus.failed

    /// The address cannot be listened on.
    init(listeningOn host: String, _ port: Int, _ error: IOError) {
        code = "CANNOT_LISTEN"
        message = "cannot listen on \(host):\(port): \(String(cString: strerror(error.errnoCode)))"
        hint = "stop what listens there, or choose another address with --host and --port"
    }
}
