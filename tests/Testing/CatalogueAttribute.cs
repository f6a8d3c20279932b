namespace MailSuite.Testing;

/// <summary>
/// The test shows a row of the tables "Commands" or "Reply codes" in <c>src/Mta/Smtp/README.md</c>. Tests read both and fail when a row has no
/// test, when a test names no row, and when the test does not have the code in it.
/// </summary>
/// <param name="row">A verb, with <paramref name="codes"/>; or a reply code alone, for the situation that the table has for it.</param>
/// <param name="codes">The replies of the command that the test shows.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class CatalogueAttribute(string row, params int[] codes) : Attribute
{
    public string Row => row;

    public IReadOnlyList<int> Codes => codes;
}
