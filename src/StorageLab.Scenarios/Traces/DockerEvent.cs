using System.Text.Json;

namespace StorageLab.Scenarios.Traces;

/// <summary>One line of <c>docker events --format '{{json .}}'</c>, as far as it is of interest.</summary>
/// <param name="Type">image, container, ….</param>
/// <param name="Action">pull, create, ….</param>
/// <param name="Id">Id of the object; for a pull the reference.</param>
/// <param name="Name">Attribute name: a container's name, or the reference of a tag.</param>
/// <param name="Image">Attribute image: what a container was made of.</param>
/// <param name="ImageId">Attribute imageID of a commit.</param>
/// <param name="ImageReference">Attribute imageRef of a commit.</param>
internal sealed record DockerEvent(string Type, string Action, string Id, string? Name, string? Image, string? ImageId, string? ImageReference)
{
    /// <summary>Reads an event.</summary>
    /// <returns>What is wrong with it; null when it was read.</returns>
    public static string? Read(ReadOnlySpan<byte> json, out DockerEvent? read)
    {
        read = null;
        string? type = null, action = null, status = null, id = null, topId = null, name = null, image = null, imageId = null, imageReference = null;
        try
        {
            Utf8JsonReader reader = new(json);
            reader.Read();
            var depth = 0;
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.EndObject)
                {
                    depth--;
                    continue;
                }

                bool isAttribute = depth == 2;
                if (reader.ValueTextEquals("Actor"u8) || reader.ValueTextEquals("Attributes"u8))
                {
                    reader.Read();
                    if (reader.TokenType != JsonTokenType.StartObject)
                        return "Actor and its Attributes have to be objects";
                    depth++;
                    continue;
                }

                ref string? target = ref action;
                bool isKnown = true;
                if (depth == 0 && reader.ValueTextEquals("Type"u8))
                    target = ref type;
                else if (depth == 0 && reader.ValueTextEquals("Action"u8))
                    target = ref action;
                else if (depth == 0 && reader.ValueTextEquals("status"u8))
                    target = ref status;
                else if (depth == 0 && reader.ValueTextEquals("id"u8))
                    target = ref topId;
                else if (depth == 1 && reader.ValueTextEquals("ID"u8))
                    target = ref id;
                else if (isAttribute && reader.ValueTextEquals("name"u8))
                    target = ref name;
                else if (isAttribute && reader.ValueTextEquals("image"u8))
                    target = ref image;
                else if (isAttribute && reader.ValueTextEquals("imageID"u8))
                    target = ref imageId;
                else if (isAttribute && reader.ValueTextEquals("imageRef"u8))
                    target = ref imageReference;
                else
                    isKnown = false;
                reader.Read();
                if (!isKnown)
                    reader.Skip();
                else if (reader.TokenType == JsonTokenType.String)
                    target = reader.GetString();
                else
                    return "Type, Action, id and names have to be texts";
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return "the line is no JSON that can be read";
        }

        // The old field status is the action; before API 1.22 it was the only one.
        action ??= status;
        if (action is null || (type is null && topId is null))
            return "this is no line of docker events --format '{{json .}}': Type and Action are missing";
        read = new DockerEvent(type ?? "container", action, id ?? topId ?? "", name, image, imageId, imageReference);
        return null;
    }
}
