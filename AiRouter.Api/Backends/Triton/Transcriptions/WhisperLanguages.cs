using System.Collections.Frozen;

namespace AiRouter.Api.Backends.Triton.Transcriptions;

/// <summary>The languages that Whisper has tokens for, by code; the names are those that the OpenAI API answers with.</summary>
internal static class WhisperLanguages
{
    private const string Codes =
        "en english,zh chinese,de german,es spanish,ru russian,ko korean,fr french,ja japanese,pt portuguese,tr turkish,pl polish," +
        "ca catalan,nl dutch,ar arabic,sv swedish,it italian,id indonesian,hi hindi,fi finnish,vi vietnamese,he hebrew,uk ukrainian," +
        "el greek,ms malay,cs czech,ro romanian,da danish,hu hungarian,ta tamil,no norwegian,th thai,ur urdu,hr croatian," +
        "bg bulgarian,lt lithuanian,la latin,mi maori,ml malayalam,cy welsh,sk slovak,te telugu,fa persian,lv latvian,bn bengali," +
        "sr serbian,az azerbaijani,sl slovenian,kn kannada,et estonian,mk macedonian,br breton,eu basque,is icelandic,hy armenian," +
        "ne nepali,mn mongolian,bs bosnian,kk kazakh,sq albanian,sw swahili,gl galician,mr marathi,pa punjabi,si sinhala,km khmer," +
        "sn shona,yo yoruba,so somali,af afrikaans,oc occitan,ka georgian,be belarusian,tg tajik,sd sindhi,gu gujarati,am amharic," +
        "yi yiddish,lo lao,uz uzbek,fo faroese,ht haitian creole,ps pashto,tk turkmen,nn nynorsk,mt maltese,sa sanskrit," +
        "lb luxembourgish,my myanmar,bo tibetan,tl tagalog,mg malagasy,as assamese,tt tatar,haw hawaiian,ln lingala,ha hausa," +
        "ba bashkir,jw javanese,su sundanese,yue cantonese";

    private static readonly FrozenDictionary<string, string> Names = Codes.Split(',')
        .Select(static entry => entry.Split(' ', 2))
        .ToFrozenDictionary(static entry => entry[0], static entry => entry[1], StringComparer.OrdinalIgnoreCase);

    /// <summary>Whisper's code of a language; null when it has none.</summary>
    public static string? Find(string code) => code.ToLowerInvariant() switch
    {
        // What ISO 639 calls otherwise.
        "jv" => "jw",
        "nb" => "no",
        "fil" => "tl",
        var other => Names.ContainsKey(other) ? other : null,
    };

    /// <summary>The name of a language by Whisper's code.</summary>
    public static string NameOf(string code) => Names[code];
}
