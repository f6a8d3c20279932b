namespace MailSuite.Mda.Store;

/// <summary>The program must not work on this file; the message names the file and the remedy.</summary>
internal sealed class StoreSchemaException(string message) : Exception(message);
