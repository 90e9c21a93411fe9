"""Groups: who is in them, what bots see of them, and how a group becomes a supergroup."""

from __future__ import annotations

from typing import Any

from tests.botapi.people import Person
from tests.botapi.world import Bot, Chat, World

CONTENT = ("text", "caption", "photo", "document", "contact")


class Group(Chat):
    """A group. The first person in it made it; a bot in it hears what concerns it, an administrator everything."""

    def __init__(self, world: World, title: str, chat_id: int, kind: str = "group") -> None:
        super().__init__(chat_id, kind, title=title)
        self.world = world
        self.members: dict[int, Person] = {}
        self.bots: dict[int, Bot] = {}
        self.admins: set[int] = set()
        world.groups[chat_id] = self

    def join(self, *who: Person | Bot, by: Person | None = None) -> Group:
        """Add people and bots, who learn it from a service message; a bot from my_chat_member before."""
        for one in who:
            adder = by or (one if isinstance(one, Person) else next(iter(self.members.values())))
            self.barred.pop(one.id, None)
            if isinstance(one, Bot):
                self.bots[one.id] = one
                one.chats[self.id] = self
                self._status_changed(one, "left", "member", adder)
            else:
                self.members[one.id] = one
            for bot in self.bots.values():
                bot.met.update(self.members)
            self._service(adder, new_chat_members=[one.raw])
        return self

    def leave(self, person: Person) -> None:
        """Let a person go."""
        self._service(person, left_chat_member=person.raw)
        self.members.pop(person.id, None)

    def kick(self, bot: Bot | None = None, by: Person | None = None) -> None:
        """Remove a bot, which learns it and can do nothing here any more."""
        self.part(bot or self.world.first_bot, by or next(iter(self.members.values())), "kicked")

    def part(self, bot: Bot, by: Person | None, status: str) -> None:
        """Part with a bot that was kicked or left."""
        full = "supergroup" if self.kind == "supergroup" else "group"
        kicked, left = f"bot was kicked from the {full} chat", f"bot is not a member of the {full} chat"
        self.barred[bot.id] = kicked if status == "kicked" else left
        self.bots.pop(bot.id, None)
        self.admins.discard(bot.id)
        self._status_changed(bot, "member", status, by)

    def promote(self, bot: Bot | None = None, by: Person | None = None) -> None:
        """Make a bot an administrator."""
        bot = bot or self.world.first_bot
        self.admins.add(bot.id)
        self._status_changed(bot, "member", "administrator", by or next(iter(self.members.values())))

    def migrate(self) -> Group:
        """Turn the group into a supergroup with another id and return it; the old id answers 400 from then on."""
        owner = next(iter(self.members.values()))
        new_id = -1_000_000_000_000 - self.world.chance.randrange(1_200_000_000, 2_900_000_000)
        new = Group(self.world, self.raw["title"], new_id, "supergroup")
        new.members, new.bots, new.admins = self.members, self.bots, self.admins
        for bot in self.bots.values():
            bot.chats[new.id] = new
        self._service(owner, migrate_to_chat_id=new.id)
        new._service(owner, migrate_from_chat_id=self.id)
        self.became = new.id
        return new

    def member(self, user_id: int) -> dict[str, Any]:
        """Return what getChatMember answers about somebody."""
        someone = self.members.get(user_id) or self.bots.get(user_id)
        if someone is None:
            return {"status": "left"}
        if user_id == next(iter(self.members), None):
            return {"user": someone.raw, "status": "creator", "is_anonymous": False}
        return {"user": someone.raw, **_rights("administrator" if user_id in self.admins else "member")}

    def tell(self, kind: str, what: dict[str, Any]) -> None:
        """Deliver what happened to every bot that may know it."""
        for bot in list(self.bots.values()):
            if self._sees(bot, kind, what):
                bot.updates.add(kind, what, self.id)

    def _sees(self, bot: Bot, kind: str, what: dict[str, Any]) -> bool:
        if bot.id in self.admins:
            return True
        if kind == "message_reaction":
            return False
        if not bot.has_privacy or not any(name in what for name in CONTENT):
            return True
        text = what.get("text") or what.get("caption") or ""
        if text.startswith("/"):
            _, _, name = text.split()[0].partition("@")
            return not name or name == bot.username
        original = what.get("reply_to_message")
        return f"@{bot.username}" in text or bool(original and original["from"]["id"] == bot.id)

    def _service(self, author: Person, **content: Any) -> None:
        self.tell("message", self.write(author.raw, self.world.now(), **content).raw)

    def _status_changed(self, bot: Bot, old: str, new: str, by: Person | None) -> None:
        change = {
            "chat": self.raw,
            "from": by.raw if by else bot.raw,
            "date": int(self.world.now()),
            "old_chat_member": {"user": bot.raw, **_rights(old)},
            "new_chat_member": {"user": bot.raw, **_rights(new)},
        }
        bot.updates.add("my_chat_member", change, self.id)


def _rights(status: str) -> dict[str, Any]:
    if status == "kicked":
        return {"status": status, "until_date": 0}
    if status != "administrator":
        return {"status": status}
    may = ("manage_chat", "delete_messages", "manage_video_chats", "restrict_members", "promote_members")
    more = ("change_info", "invite_users", "post_stories", "edit_stories", "delete_stories", "pin_messages")
    rights = {f"can_{right}": True for right in (*may, *more)}
    return {"status": status, "can_be_edited": False, "is_anonymous": False, **rights}
