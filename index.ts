/**
 * The Pulumi program. It exports a function, which the `pulumi` command runs as the program and the workshop's own
 * command hands to the Automation API: one program, one state.
 */
import { checkoutOf } from "./components/checkout";
import { workshop } from "./components/workshop";

// This file may run where it stands or as part of a bundle; in both cases it lies in the checkout.
export = (): Promise<Record<string, unknown>> => workshop({ root: checkoutOf(__dirname), env: process.env });
