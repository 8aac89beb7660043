var text = "layer_defs = [];\n";
text += "layer_defs.push({type:'input', out_depth:" + depth + "});\n";
function change() { eval(text); }
