/// The environment of the server's programs. Nothing of the caller's is passed on: it may hold secrets, and variables
/// such as `MYSQL_UNIX_PORT` would change what the server does.
enum ServerEnvironment {
    static let values = [
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C",
        // Modes of the files and folders that the server makes; these two names are its own.
        "UMASK": "0600", "UMASK_DIR": "0700",
    ]
}
