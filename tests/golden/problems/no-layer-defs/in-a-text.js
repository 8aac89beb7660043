var text = "layer_defs = [];\nlayer_defs.push({type:'input', out_depth:2});\n";
function change() { eval(text); }
