using CsCheck;

namespace MailSuite.Mua.Tests.Support;

/// <summary>Random texts put together from pieces that mean something to a parser.</summary>
internal static class Pieces
{
    internal static Gen<string> Of(int most, params string[] pieces) =>
        Gen.Int[0, pieces.Length - 1].Array[0, most].Select(chosen => string.Concat(chosen.Select(i => pieces[i])));
}
