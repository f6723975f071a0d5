import { importCommand } from './import_command.ts';

process.exitCode = await importCommand(process.argv.slice(2), process.env, console);
