/**
 * Program that starts the framework of the distribution: command line, folder, log file and framework life cycle. Read
 * {@link org.counterex.launcher.Main} first. It depends on the framework only and reaches the console by its service.
 */
package org.counterex.launcher;
