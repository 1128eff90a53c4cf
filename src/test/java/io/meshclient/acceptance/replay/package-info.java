/**
 * What replays of the conformance corpus have in common: reading, running the command as a process,
 * tests by name, and the report.
 */
package io.meshclient.acceptance.replay;
