<!doctype html>
<html>
  <head><script src="convnet.js"></script><script>start();</script></head>
  <body><canvas></canvas></body>
</html>
