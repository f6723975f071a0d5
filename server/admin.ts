import { adminCommand } from './admin_command.ts';

process.exitCode = await adminCommand(process.argv.slice(2), process.env, console);
