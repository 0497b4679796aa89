namespace AiRouter.Prompting.Tokens.SentencePiece;

/// <summary>
/// Reads a SentencePiece model (<c>sentencepiece_model.proto</c>: field numbers in the comments of the cases). The library
/// reads it too, but does not tell scores, types and settings.
/// </summary>
internal static class ModelFileReader
{
    /// <summary>The model.</summary>
    /// <exception cref="TokenizerFormatException">The file is none.</exception>
    public static ModelFile Read(ReadOnlySpan<byte> content)
    {
        var model = new ModelFile();
        var fields = new ProtoFields(content);
        while (fields.MoveNext())
        {
            switch (fields.Number)
            {
                case 1:
                    model.Pieces.Add(ReadPiece(fields.Bytes));
                    break;
                case 2:
                    ReadTrainer(fields.Bytes, model);
                    break;
                case 3:
                    ReadNormalizer(fields.Bytes, model);
                    break;
            }
        }

        return model.Pieces.Count > 0 ? model : throw new TokenizerFormatException("it is no SentencePiece model: it has no pieces");
    }

    private static ModelPiece ReadPiece(ReadOnlySpan<byte> message)
    {
        var piece = new ModelPiece("", 0, PieceType.Normal);
        var fields = new ProtoFields(message);
        while (fields.MoveNext())
        {
            piece = fields.Number switch
            {
                1 => piece with { Text = fields.Text },
                2 => piece with { Score = fields.Float },
                3 => piece with { Type = (PieceType)fields.Value },
                _ => piece,
            };
        }

        return piece;
    }

    private static void ReadTrainer(ReadOnlySpan<byte> message, ModelFile model)
    {
        var fields = new ProtoFields(message);
        while (fields.MoveNext())
        {
            switch (fields.Number)
            {
                case 3:
                    model.ModelType = fields.Value;
                    break;
                case 24:
                    model.SpaceIsSuffix = fields.Flag;
                    break;
                case 35:
                    model.FallsBackToBytes = fields.Flag;
                    break;
                case 41:
                    model.Bos = fields.Value;
                    break;
            }
        }
    }

    private static void ReadNormalizer(ReadOnlySpan<byte> message, ModelFile model)
    {
        var fields = new ProtoFields(message);
        while (fields.MoveNext())
        {
            switch (fields.Number)
            {
                case 2:
                    model.HasCharacterMap = !fields.Bytes.IsEmpty;
                    break;
                case 3:
                    model.AddsSpace = fields.Flag;
                    break;
                case 4:
                    model.RemovesSpaces = fields.Flag;
                    break;
                case 5:
                    model.EscapesSpaces = fields.Flag;
                    break;
            }
        }
    }
}
