var express = require('express');
var app = express();
app.listen(3000);
