namespace MailSuite.Mda.Store.Model;

/// <summary>A number that belongs to the whole store.</summary>
internal sealed class StoreStateRow
{
    /// <summary>The last UIDVALIDITY given out.</summary>
    public const string UidValidity = "uid_validity";

    /// <summary>Grows whenever what a process may remember of an account is no longer so.</summary>
    public const string DirectoryVersion = "directory_version";

    /// <summary>The last body of which everything was derived; all before it are done.</summary>
    public const string DerivedBody = "derived_body";

    /// <summary>The version of the program's derivation that made <c>body_wire</c>; another one makes it anew.</summary>
    public const string WireVersion = "wire_version";

    public required string Name { get; init; }

    public long Value { get; init; }
}
