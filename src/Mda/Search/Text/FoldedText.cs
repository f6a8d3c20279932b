using System.Globalization;
using System.Text;

namespace MailSuite.Mda.Search.Text;

/// <summary>Text as it is stored and compared by a search: folded, in UTF-8, white space squeezed. Grows as it is appended to.</summary>
/// <remarks>
/// The folding is i;unicode-casemap (RFC 5051): no case, compatibility decomposition (NFKD); accents stay, as marks of their own. Case is
/// folded to upper case, and once more after the decomposition, so that no form escapes it. Invisible characters (soft hyphens, joiners,
/// direction marks) are left out, and controls are white space. It maps character by character (but for the order of
/// several marks on one letter), so a substring of a text stays a
/// substring of the folded text, which is what makes an index of folded text exact.
/// </remarks>
internal sealed class FoldedText(int capacity = 4096)
{
    /// <summary>Between two texts that do not belong together. No needle contains it: in folded text white space is a space.</summary>
    internal const byte Separator = (byte)'\n';

    private byte[] _octets = new byte[capacity];
    private int _length;
    private bool _space;
    private bool _begun;

    internal int Length => _length;

    internal ReadOnlySpan<byte> Octets => _octets.AsSpan(0, _length);

    /// <summary>What is looked for, folded as text is; white space at its ends counts.</summary>
    internal static byte[] Needle(string text)
    {
        var folded = new FoldedText(text.Length + 16) { _begun = true };
        folded.Append(text);
        if (folded._space)
            folded.Add((byte)' ');
        return folded.Octets.ToArray();
    }

    internal static byte[] Of(string text)
    {
        var folded = new FoldedText(text.Length + 16);
        folded.Append(text);
        return folded.Octets.ToArray();
    }

    /// <summary>The same without accents: what the index is made of, and how the webmail compares.</summary>
    internal static ReadOnlyMemory<byte> WithoutAccents(ReadOnlyMemory<byte> folded)
    {
        if (Ascii.IsValid(folded.Span))
            return folded;

        var plain = new byte[folded.Length];
        var length = 0;
        var rest = folded.Span;
        while (!rest.IsEmpty)
        {
            var ascii = rest.IndexOfAnyExceptInRange((byte)0, (byte)0x7F);
            if (ascii != 0)
            {
                var run = ascii < 0 ? rest : rest[..ascii];
                run.CopyTo(plain.AsSpan(length));
                length += run.Length;
                rest = rest[run.Length..];
                continue;
            }

            Rune.DecodeFromUtf8(rest, out var rune, out var octets);
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
            {
                rest[..octets].CopyTo(plain.AsSpan(length));
                length += octets;
            }

            rest = rest[octets..];
        }

        return plain.AsMemory(0, length);
    }

    internal void Append(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var odd = text.IndexOfAnyExceptInRange('\0', '\x7F');
            AppendAscii(odd < 0 ? text : text[..odd]);
            if (odd < 0)
                return;

            text = text[odd..];
            var end = text.IndexOfAnyInRange('\0', '\x7F');
            AppendDecomposed(end < 0 ? text : text[..end]);
            text = end < 0 ? [] : text[end..];
        }
    }

    /// <summary>Ends a text: what follows does not belong to it.</summary>
    internal void Break(byte separator = Separator)
    {
        _space = false;
        _begun = false;
        Add(separator);
    }

    /// <summary>Forgets all but the last octets, of which a needle may be the end.</summary>
    internal void KeepLast(int octets)
    {
        if (_length <= octets)
            return;
        _octets.AsSpan(_length - octets, octets).CopyTo(_octets);
        _length = octets;
    }

    internal void Truncate(int length) => _length = length;

    private void AppendAscii(ReadOnlySpan<char> text)
    {
        Reserve(text.Length + 1);
        foreach (var c in text)
        {
            if (c is <= ' ' or '\x7F')
            {
                _space = _begun;
                continue;
            }

            if (_space)
            {
                _octets[_length++] = (byte)' ';
                _space = false;
                Reserve(text.Length + 1);
            }

            _begun = true;
            _octets[_length++] = (byte)(c is >= 'a' and <= 'z' ? c & ~0x20 : c);
        }
    }

    private void AppendDecomposed(ReadOnlySpan<char> text)
    {
        foreach (var rune in Decompose(text.ToString()).EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                _space = _begun;
                continue;
            }

            if (IsInvisible(rune.Value))
                continue;

            Reserve(8);
            if (_space)
                _octets[_length++] = (byte)' ';
            _space = false;
            _begun = true;
            _length += Rune.ToUpperInvariant(rune).EncodeToUtf8(_octets.AsSpan(_length));
        }
    }

    private static bool IsInvisible(int character) =>
        character is 0xAD or 0x34F or 0xFEFF or (>= 0x200B and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x206F) or (>= 0xFE00 and <= 0xFE0F);

    private static string Decompose(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormKD);
        }
        catch (ArgumentException)
        {
            // Half a surrogate pair has no normal form.
            return text;
        }
    }

    private void Add(byte octet)
    {
        Reserve(1);
        _octets[_length++] = octet;
    }

    private void Reserve(int octets)
    {
        if (_octets.Length - _length < octets)
            Array.Resize(ref _octets, Math.Max(_octets.Length * 2, _length + octets));
    }
}
