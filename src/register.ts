// `node --import telltale/register app.js`, or `--require` for CommonJS: observes the process from outside its code.
import { register } from "./register/register.js";

register();
