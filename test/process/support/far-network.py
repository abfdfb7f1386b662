# Two tun devices whose packets reach each other after a delay, in milliseconds. Their names come as arguments.
import collections, fcntl, os, select, struct, sys, time

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
names, delay = sys.argv[1:3], int(sys.argv[3]) / 1000
devices = []
for name in names:
    device = os.open('/dev/net/tun', os.O_RDWR)
    fcntl.ioctl(device, TUNSETIFF, struct.pack('16sH22x', name.encode(), IFF_TUN | IFF_NO_PI))
    devices.append(device)
print('ready', flush=True)
waiting = collections.deque()
while True:
    patience = max(0, waiting[0][0] - time.monotonic()) if waiting else None
    for device in select.select(devices, [], [], patience)[0]:
        waiting.append((time.monotonic() + delay, devices[1 - devices.index(device)], os.read(device, 65536)))
    while waiting and waiting[0][0] <= time.monotonic():
        _, device, packet = waiting.popleft()
        try:
            os.write(device, packet)
        except OSError:
            pass  # The device is down.
