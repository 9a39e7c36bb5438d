"""Chat: channels and the messages in them."""

from typing import Annotated

from msgspec import Meta

from corpenv.company import Company
from corpenv.company.items import Channel, Message
from corpenv.errors import Refusal, did_you_mean
from corpenv.events import ChannelRead, ChatPosted
from corpenv.record import Answer
from corpenv.tools.base import Arguments, Body, Effect, Name, Page, Part, Tool, conversation, listing, page_of

ChannelName = Annotated[Name, Meta(description="Name of the channel, for example general.")]


class ListChannels(Arguments, frozen=True):
    page: Page = 1


class ReadChannel(Arguments, frozen=True):
    channel: ChannelName
    page: Page = 1
    part: Part = 1


class PostMessage(Arguments, frozen=True):
    channel: ChannelName
    text: Annotated[Body, Meta(min_length=1)]


def is_member(channel: Channel, account: str) -> bool:
    """Is the account in the channel?"""
    return not channel.members or account in channel.members


def own_channel(company: Company, actor: str, name: str) -> Channel:
    """A channel the actor is in, or Refusal."""
    channel = company.find_channel(name)
    if channel is None or not is_member(channel, actor):
        own = [each.id for each in company.world.channels.values() if is_member(each, actor)]
        raise Refusal(f"you are in no channel {name!r}{did_you_mean(name, own)}")
    return channel


def list_channels(company: Company, actor: str, args: ListChannels) -> Answer:
    """List the chat channels you are in."""
    own = (channel for channel in company.world.channels.values() if is_member(channel, actor))
    channels, more = page_of(own, args.page)
    rows = [f"#{channel.id}  {channel.topic}" for channel in channels]
    return Answer(listing("Channels", rows, more, args.page, "You are in no channel."))


def read_channel(company: Company, actor: str, args: ReadChannel) -> Answer:
    """Read the messages of a channel, newest first, twenty a page."""
    channel = own_channel(company, actor, args.channel)
    messages, more = page_of(iter(tuple(company.messages(channel.id))[::-1]), args.page)
    rows = [said(company, message) for message in messages]
    read = ChannelRead(at=company.now, actor=actor, channel=channel.id)
    empty = f"Nobody wrote in #{channel.id} yet."
    return Answer(conversation(f"#{channel.id}", rows, more, args.page, args.part, empty), (read,))


def said(company: Company, message: Message) -> str:
    """A message as a row."""
    return f"{company.when(message.at)}  {company.name_of(message.author)}: {company.text(message.text)}"


def post_message(company: Company, actor: str, args: PostMessage) -> Answer:
    """Write a message in a channel you are in. Everybody in it can read it."""
    channel = own_channel(company, actor, args.channel)
    posted = ChatPosted(
        at=company.now,
        actor=actor,
        message_id=company.new_id("msg"),
        channel=channel.id,
        text=args.text,
    )
    return Answer(f"Posted in #{channel.id}.", (posted,))


TOOLS = (
    Tool("list_channels", "chat", ListChannels, list_channels, seconds=10),
    Tool("read_channel", "chat", ReadChannel, read_channel, seconds=60),
    Tool("post_message", "chat", PostMessage, post_message, Effect.INSIDE, seconds=60),
)
