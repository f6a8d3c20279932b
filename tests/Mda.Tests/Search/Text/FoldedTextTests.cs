using System.Text;
using CsCheck;
using MailSuite.Mda.Search.Text;

namespace MailSuite.Mda.Tests.Search.Text;

public sealed class FoldedTextTests
{
    [Theory]
    [InlineData("Hello", "HELLO")]
    [InlineData("  two\r\n\t words \0 here ", "TWO WORDS HERE")]
    [InlineData("ÜBER", "U\u0308BER")]
    [InlineData("u\u0308ber", "U\u0308BER")]
    [InlineData("ﬁne ①", "FINE 1")]
    [InlineData("ßen", "ßEN")]
    [InlineData("Ελλάδα", "ΕΛΛΑ\u0301ΔΑ")]
    [InlineData("soft\u00ADhyphen\u200B", "SOFTHYPHEN")]
    [InlineData("㎏", "KG")]
    [InlineData("ｶﾞ", "カ\u3099")]
    [InlineData("한", "\u1112\u1161\u11ab")]
    [InlineData("a\u00A0b", "A B")]
    public void Has_no_case_and_no_compatibility_forms(string text, string folded) => Assert.Equal(folded, Encoding.UTF8.GetString(FoldedText.Of(text)));

    [Fact]
    public void Is_the_same_in_any_case_of_letters() =>
        Gen.String[Gen.Char['\u0020', '\u024F'], 0, 40].Where(text => !text.Contains('ß') && !text.Contains('\u0149') && !text.Contains('\u01F0'))
            .Sample(text => FoldedText.Needle(text.ToUpperInvariant()).SequenceEqual(FoldedText.Needle(text)) && FoldedText.Needle(text.ToLowerInvariant()).SequenceEqual(FoldedText.Needle(text)));

    [Fact]
    public void Keeps_a_part_of_a_text_a_part() =>
        Gen.Select(Gen.OneOf(Gen.Char['\u0020', '\u007E'], Gen.Char['\u00C0', '\u017F'], Gen.Char['\u3041', '\u3096'], Gen.Char['\u30A1', '\u30FA'], Gen.Char['\uAC00', '\uD7A3'], Gen.Char['\u4E00', '\u4FFF']).Array[1, 40], Gen.Int[0, 40], Gen.Int[0, 40]).Sample((characters, one, other) =>
        {
            var (from, to) = (Math.Min(Math.Min(one, other), characters.Length), Math.Min(Math.Max(one, other), characters.Length));
            var part = new string(characters[from..to]).Trim();
            var whole = FoldedText.Of(new string(characters));
            return whole.AsSpan().IndexOf(FoldedText.Needle(part)) >= 0
                && FoldedText.WithoutAccents(whole).Span.IndexOf(FoldedText.WithoutAccents(FoldedText.Needle(part)).Span) >= 0;
        });

    [Fact]
    public void Is_the_same_however_it_comes_in_pieces() =>
        Gen.Select(Gen.String[Gen.Char['\u0009', '\u007E'], 0, 60], Gen.Int[0, 60]).Sample((text, cut) =>
        {
            var pieces = new FoldedText(1);
            pieces.Append(text.AsSpan(0, Math.Min(cut, text.Length)));
            pieces.Append(text.AsSpan(Math.Min(cut, text.Length)));
            return pieces.Octets.SequenceEqual(FoldedText.Of(text));
        });

    [Fact]
    public void Bears_any_characters() => Gen.Char.Array[0, 100].Sample(characters => FoldedText.Of(new string(characters)).Length >= 0);
}
