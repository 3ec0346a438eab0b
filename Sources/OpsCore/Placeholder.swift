import CCurl
import CMariaDB
import Configuration
import Crypto
import Logging

public let clientVersion = String(cString: mysql_get_client_info())
