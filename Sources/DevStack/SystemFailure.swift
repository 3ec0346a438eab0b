import Glibc

extension DevStackError {
    /// The failure of the system call that has just set `errno`.
    static func system(_ action: String, _ path: String, errno number: Int32 = errno) -> DevStackError {
        let reason = String(cString: strerror(number))
        let hint =
            switch number {
            case EACCES, EPERM: "check who owns it and who may write there"
            case ENOSPC, EDQUOT: "free some disk space"
            default: String?.none
            }
        return DevStackError(.fileUnusable, "cannot \(action) \(path) (\(reason))", hint: hint)
    }
}
