namespace AiRouter.Prompting.Tokens.Unicode;

/// <summary>Hangul syllables, which are computed from their letters (Unicode Standard, 3.12).</summary>
internal static class Hangul
{
    /// <summary>The first vowel letter.</summary>
    public const int FirstVowel = 0x1161;

    /// <summary>How many vowels there are.</summary>
    public const int Vowels = 21;

    /// <summary>The first final consonant.</summary>
    public const int FirstTrail = 0x11A8;

    /// <summary>How many final consonants there are.</summary>
    public const int Trails = 27;

    private const int FirstSyllable = 0xAC00;
    private const int FirstLead = 0x1100;
    private const int Leads = 19;
    private const int PerVowel = Trails + 1;
    private const int Syllables = Leads * Vowels * PerVowel;

    /// <summary>A syllable's parts: one with a final consonant is a shorter syllable and that consonant.</summary>
    public static bool TryDecompose(int code, out (int First, int Second) parts)
    {
        var index = code - FirstSyllable;
        if (index is < 0 or >= Syllables)
        {
            parts = default;
            return false;
        }

        parts = index % PerVowel is > 0 and var trail
            ? (code - trail, FirstTrail + trail - 1)
            : (FirstLead + (index / (Vowels * PerVowel)), FirstVowel + (index / PerVowel % Vowels));
        return true;
    }

    /// <summary>The syllable of a consonant and a vowel, or of a syllable and its final consonant.</summary>
    public static bool TryCompose(int first, int second, out int composed)
    {
        var (lead, vowel, trail) = (first - FirstLead, second - FirstVowel, second - FirstTrail);
        if (lead is >= 0 and < Leads && vowel is >= 0 and < Vowels)
        {
            composed = FirstSyllable + (((lead * Vowels) + vowel) * PerVowel);
            return true;
        }

        var index = first - FirstSyllable;
        composed = first + trail + 1;
        return index is >= 0 and < Syllables && index % PerVowel == 0 && trail is >= 0 and < Trails;
    }
}
