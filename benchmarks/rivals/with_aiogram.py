"""The conversation with aiogram's stock means: its FSM with MemoryStorage, start_polling."""

from __future__ import annotations

import asyncio

from aiogram import Bot, Dispatcher, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import Message

from benchmarks.rivals.talk import COMMENT, NAME, NUMBER, SUMMARY, given

router = Router()


class Form(StatesGroup):
    """Which question was asked."""

    name = State()
    number = State()
    comment = State()


@router.message(CommandStart())
async def start(message: Message, state: FSMContext) -> None:
    """Ask for the name."""
    await state.set_state(Form.name)
    await message.answer(NAME)


@router.message(Form.name)
async def name(message: Message, state: FSMContext) -> None:
    """Ask for the number."""
    await state.update_data(name=message.text)
    await state.set_state(Form.number)
    await message.answer(NUMBER)


@router.message(Form.number)
async def number(message: Message, state: FSMContext) -> None:
    """Ask for a comment."""
    await state.update_data(number=message.text)
    await state.set_state(Form.comment)
    await message.answer(COMMENT)


@router.message(Form.comment)
async def comment(message: Message, state: FSMContext) -> None:
    """Sum up."""
    data = await state.update_data(comment=message.text)
    await state.clear()
    await message.answer(SUMMARY.format(**data))


async def main() -> None:
    """Poll until told to stop."""
    told = given()
    bot = Bot(told.token, session=AiohttpSession(api=TelegramAPIServer.from_base(told.url)))
    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.include_router(router)
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main())
