# Does: start a thread that ends by itself.
import threading

threading.Thread(target=sum, args=(range(1000),)).start()
